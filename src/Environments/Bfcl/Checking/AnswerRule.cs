namespace SandQueue.Environments.Bfcl.Checking;

/// <summary>How the answer of a single-turn task is judged.</summary>
internal enum AnswerRule
{
    /// <summary>One call, of the one function there is.</summary>
    Simple,

    /// <summary>One call, of the right function among several.</summary>
    Multiple,

    /// <summary>Several calls, in any order.</summary>
    Parallel,

    /// <summary>No function fits: right is who calls none.</summary>
    Irrelevance,

    /// <summary>Some function fits: right is who calls any.</summary>
    Relevance,
}
