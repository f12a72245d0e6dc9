// Evidence of lineage (study/lineage.h) as tables, and what it says in words.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agentecho/report/data_table.h"
#include "agentecho/study/kinship_fit.h"
#include "agentecho/study/lineage.h"

namespace agentecho {

// Pairs, largest z of words first: z, p, likelihood ratio, copying shares.
DataTable lineage_table(const Corpus& corpus, const LineageResults& results);

// That and why fewer replicates were used than were asked for; nothing where all were.
std::optional<std::string> fewer_replicates(const LineageResults& results);

// How well z of each channel finds families.
DataTable lineage_auc_table(const LineageResults& results);

// Over several benchmarks: z of words and its rank in each, and whether they agree. Without rows
// where there is one.
DataTable benchmarks_table(const Corpus& corpus, const LineageResults& results);
DataTable agreements_table(const LineageResults& results);

// How far the odds in use can be believed here, and the scale that these logs give.
DataTable odds_table(const KinshipFit& fit, const lineage::KinshipScale& in_use);
DataTable odds_classes_table(const KinshipFit& fit);
std::string odds_class_text(const OddsClass& of);  // "1 to 3 … 1 to 1"

// What is said first: the strongest pair, or the pair that was named beforehand (model indices),
// how sure that is, what it rests on, and what it cannot say.
std::vector<std::string> lineage_verdict(
    const Corpus& corpus, const LineageResults& results,
    const std::optional<std::pair<ModelIndex, ModelIndex>>& named);

// Why there is no z of words, as the end of a sentence: of the pair that was named, or of any
// (nullptr).
std::string why_no_kinship(const LineageResults& results, const LineagePair* named);

// Puts the verdict and the tables in front of what the report of `evidence` has. nullptr: wording
// was left out, which is what is said then.
void lead_with_lineage(DataReport& report, const Corpus& corpus, const LineageResults* results,
                       const std::optional<std::pair<ModelIndex, ModelIndex>>& named);

}  // namespace agentecho
