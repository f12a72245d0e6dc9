#include "agentecho/report/definitions.h"

#include <algorithm>
#include <string>

namespace agentecho {

namespace {

constexpr Definition kDefinitions[] = {
    // Models.
    {"model", "what is compared; its name comes from the log, an option or the file's name"},
    {"pair", "two models; a click opens what is known of them"},
    {"name in the logs", "before the reader of the page renamed it"},
    {"family", "models of one maker or name: a proxy of common origin, not the truth"},
    {"same family", "whether the two are of one family, given or guessed from their names"},
    {"runs", "trajectories: one model on one task, once"},
    {"tasks", "on which there is something to compare"},
    {"success rate", "share of the runs with a known outcome that solved their task"},
    {"calls a run", "tool calls of the agent in a run, on average"},
    {"errors a run", "tool calls of a run that ended in an error, on average"},
    {"runs without a call",
     "runs in which the agent calls no tool: two of them count as wholly alike in S_seq and S_dep"},
    // Kinship by choices.
    {"channel",
     "what choices are looked at: words, the layout of texts, or actions. Words carry the verdict"},
    {"z",
     "how far the two make the same choices on a task where the other models make others, over "
     "what each has with its cohort; words carry the verdict, actions stand beside them and are "
     "not averaged in"},
    {"p", "how often, among strangers, the strongest of all pairs is as close"},
    {"p alone", "how often a pair of strangers that was named before looking is as close"},
    {"LR",
     "likelihood ratio: how much likelier such words are within one lab than across, at most 10"},
    {"repeated", "share of free choices repeated beyond what the others do (1: all of them)"},
    {"itself",
     "the share that the two models repeat of themselves over trials; more than that cannot be "
     "expected of two models"},
    // Scores.
    {"metric", "a way to say how alike two models behave"},
    {"score",
     "how alike two models behave in one metric, over their common tasks. AGS and the like run "
     "from 0 to 1, RPS from 1 to 5"},
    {"interval", "percentile bootstrap over tasks, 95 % unless the provenance says another level"},
    {"chance",
     "the score that the two have when each is set against other tasks of the same domain: what "
     "likeness costs nothing"},
    {"ceiling",
     "how alike each of the two models is to itself across trials, averaged. Missing with single "
     "trials"},
    {"place", "where the score lies between chance (0) and ceiling (1)"},
    {"affinity",
     "how much more alike a pair is than two models that typical would be: the residual of score "
     "= mean + a_i + a_j"},
    {"adjusted p",
     "p value of an affinity, adjusted for the number of pairs (Benjamini and Hochberg): the "
     "expected share of false alarms among the pairs at or below it"},
    {"combined evidence",
     "affinities of the evidence metrics, standardised and averaged over actions and wording: "
     "standard deviations above what is usual. The figure of version 0.1; the verdict rests on "
     "kinship by words"},
    {"AUC",
     "area under the curve: the probability that a pair of one family has a larger figure than a "
     "pair of two families; 0.5 is chance"},
    {"support", "share of bootstrap resamples of the tasks in which the same group forms"},
    {"AGS", "Action Graph Similarity, the mean of S_node, S_seq and S_dep"},
    {"S_node", "share of a task's optional tools on which both make the same decision"},
    {"S_seq", "how alike the two check before and after writing and retry after errors"},
    {"S_dep", "how alike the two reuse the results of earlier calls"},
    {"AGS cal.",
     "AGS with the known weak spots of its parts mended: the mean of the three calibrated ones"},
    {"S_node cal.",
     "agreement on optional tools beyond what the two models' rates of calling them give by "
     "themselves (Cohen's kappa): 0 is chance, 1 is always the same decision"},
    {"S_seq cal.",
     "S_seq without its weak spots: a habit of both counts by how far their rates agree, one of a "
     "single side counts 0, one of neither does not count"},
    {"S_dep cal.",
     "S_dep without its weak spots: a habit of both counts by how far their rates agree, one of a "
     "single side counts 0, one of neither does not count"},
    {"RPS",
     "Response Pattern Similarity, 1 to 5: how alike the two speak and work at the same stage of a "
     "task"},
    {"stage",
     "what a message is for: authentication, elicitation, execution, verification or notification"},
    {"2-gram", "share of two-word sequences that the responses of two runs have in common"},
    {"GED", "1 less the normalised graph edit distance of two action graphs"},
    {"frequency",
     "share of calls that two runs have in common: of each tool as often, not only whether"},
    {"RSE", "an LLM judge's likeness of whole responses"},
    {"embed.", "likeness of responses by sentence embeddings"},
    {"errors (κ)",
     "how much more often than chance two models solve and fail the same tasks (error "
     "consistency)"},
    // What two models share.
    {"habit",
     "something a run does or does not do: call an optional tool, avoid it, call one tool directly "
     "after another"},
    {"tasks (of a habit)", "on which both do it, trials counted by their share"},
    {"possible", "tasks on which the habit can show: both have runs, and so have two other models"},
    {"expected", "tasks on which two other models both do it, on average"},
    {"excess", "tasks on which both do it, less what two other models would have"},
    {"look at", "tasks on which both do it and fewest others do"},
    {"phrase", "three to five words that both use and others rarely do"},
    {"kind (of a phrase)", "anywhere in a response, its opening, or its closing"},
    {"share of A", "of the runs of model A that have it"},
    {"share of B", "of the runs of model B that have it"},
    {"others", "share of the other models' runs that do the same, each model weighing the same"},
    {"run of A", "an example: benchmark, domain, task and trial"},
    {"run of B", "an example: benchmark, domain, task and trial"},
    {"shared choice",
     "something that the task left free and both runs did: an optional tool called or avoided, one "
     "tool called directly after another, the very same call"},
    // One task.
    {"task", "what is to be done, known by benchmark, domain and task id together"},
    {"tool", "what the agent called, by its name in the log"},
    {"aligned step", "a call that both runs make, or one that one of the two makes"},
    {"who", "both with the same arguments, both with others, or one side alone"},
    {"kind (of a tool)", "READ: looks something up, WRITE: changes something, GENERIC: neither"},
    {"mandatory", "a tool that every successful run of the pool used on this task"},
    {"optional",
     "a tool that some successful runs used on this task and others did not: here a model has a "
     "choice"},
    {"role",
     "whether the task's pool makes the tool mandatory or optional, or only failing runs call it"},
    {"uses", "calls whose results hold a value that this call's arguments take up"},
    {"pool", "the models whose successful runs decide which tools are optional"},
    {"domain", "a set of tasks of one benchmark with tools of their own: airline, retail, telecom"},
    {"pooled", "over the tasks of all domains at once"},
};

}  // namespace

std::span<const Definition> definitions() { return kDefinitions; }

std::string_view definition_of(std::string_view title) {
  for (const std::string_view channel : {" words", " layout", " actions"}) {
    if (title.ends_with(channel)) title.remove_suffix(channel.size());
  }
  if (title.ends_with(" repeated")) title = "repeated";
  const auto* const found =
      std::find_if(std::begin(kDefinitions), std::end(kDefinitions),
                   [&](const Definition& definition) { return definition.term == title; });
  return found == std::end(kDefinitions) ? std::string_view{} : found->text;
}

std::string define(std::string_view term) {
  return std::string(term) + ": " + std::string(definition_of(term));
}

}  // namespace agentecho
