using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports;

/// <summary>How many of how many rollouts have a valid reward. It stands before everything else: a mean of those that survived is no mean of all.</summary>
/// <param name="Items">All rollouts of the batch.</param>
/// <param name="Ended">Those that have their end.</param>
/// <param name="Valid">Those that have a valid reward.</param>
/// <param name="Trainable">Those that may enter a loss.</param>
/// <param name="Share">Valid of all, from 0 to 1; null where there are none.</param>
/// <param name="Ends">Rollouts by end.</param>
/// <param name="Causes">Rollouts without a valid reward by cause.</param>
/// <param name="Failures">Their reasons, the most frequent first.</param>
/// <param name="FailuresLeftOut">Further reasons that are not listed.</param>
/// <param name="Bounds">The mean with every rollout without a valid reward as 0 and as 1; null where rewards are not all in 0 to 1.</param>
/// <param name="BoundsNote">Why there are no bounds, or what they count.</param>
public sealed record Coverage(
    int Items,
    int Ended,
    int Valid,
    int Trainable,
    double? Share,
    IReadOnlyDictionary<string, int> Ends,
    IReadOnlyDictionary<string, int> Causes,
    IReadOnlyList<Failure> Failures,
    int FailuresLeftOut,
    Interval? Bounds,
    string BoundsNote);

/// <summary>A reason for which rollouts have no valid reward.</summary>
/// <param name="Cause">Who caused it.</param>
/// <param name="Detail">What happened, as the first of them tells it.</param>
/// <param name="Count">How many rollouts it took.</param>
/// <param name="Example">One of them.</param>
public sealed record Failure(string Cause, string Detail, int Count, string Example);

/// <summary>A part of the tasks.</summary>
/// <param name="Name">The name of the category or split.</param>
/// <param name="Rollouts">Its rollouts that have an end.</param>
/// <param name="Valid">Those with a valid reward.</param>
/// <param name="Tasks">Its tasks.</param>
/// <param name="Reward">The mean of the valid rewards; null where there are none.</param>
/// <param name="PassAt1">The mean share of successes of a task; null where there is no valid reward.</param>
public sealed record Part(string Name, int Rollouts, int Valid, int Tasks, Estimate? Reward, double? PassAt1);

/// <summary>The tasks of one category or split that two batches are compared by.</summary>
/// <param name="Name">The name of the category or split.</param>
/// <param name="Tasks">Its tasks with a valid reward in both.</param>
/// <param name="First">The mean over these tasks in the first.</param>
/// <param name="Second">The same in the second.</param>
/// <param name="Difference">Second minus first, each task with itself.</param>
public sealed record PartDifference(string Name, int Tasks, double First, double Second, Estimate? Difference);

/// <summary>Rewards with and without the rollouts that were begun more than once: those are not drawn as the others are.</summary>
/// <param name="Rollouts">How many were begun more than once.</param>
/// <param name="Valid">Those of them with a valid reward.</param>
/// <param name="With">The mean of all.</param>
/// <param name="Without">The mean of those that were begun once.</param>
public sealed record Retried(int Rollouts, int Valid, Estimate? With, Estimate? Without);

/// <summary>The groups: rollouts of one task, of which a trainer makes one baseline.</summary>
/// <param name="Count">How many groups have a rollout that has ended.</param>
/// <param name="Complete">Those whose members are all trainable.</param>
/// <param name="Partial">Those with some trainable members.</param>
/// <param name="Without">Those with none.</param>
/// <param name="OneReward">Those with two trainable members or more that all have the same reward: nothing is to be learnt from a difference.</param>
/// <param name="Listed">The groups by themselves: those with the fewest trainable members first, then the lowest mean.</param>
/// <param name="LeftOut">Further groups that are not listed.</param>
public sealed record Groups(int Count, int Complete, int Partial, int Without, int OneReward, IReadOnlyList<Group> Listed, int LeftOut);

/// <summary>One group.</summary>
/// <param name="TaskId">Its task.</param>
/// <param name="Members">Its rollouts that have an end.</param>
/// <param name="Trainable">Those that may enter a loss.</param>
/// <param name="Successes">Those whose reward reaches the threshold.</param>
/// <param name="Mean">The mean of its valid rewards.</param>
public sealed record Group(string TaskId, int Members, int Trainable, int Successes, double? Mean);
