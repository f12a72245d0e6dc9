#!/bin/bash
# Features of many logs as a Slurm array job, one shard a task; a shard that is there costs nothing, so the same line
# goes on after a failure:  sbatch --array=1-16 slurm_features.sh LOGS DIR  and then  agentecho compare DIR
#SBATCH --job-name=agentecho-features
#SBATCH --cpus-per-task=1
set -euo pipefail
agentecho extract "$1" --metrics ags,rps --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --out "$2" \
  --threads "${SLURM_CPUS_PER_TASK:-1}"
