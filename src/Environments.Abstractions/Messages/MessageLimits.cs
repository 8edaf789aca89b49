namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>
/// How large an agent's message may be. Many agents share a process, and none may keep the others waiting. The numbers
/// are far above what models write: a reply of 128k tokens has about half a million characters, and the longest function
/// or parameter name of the data sets has 64.
/// </summary>
internal static class MessageLimits
{
    /// <summary>Characters of a message, thoughts and the arguments of its native calls included.</summary>
    public const int Characters = 1_000_000;

    /// <summary>Calls of a message.</summary>
    public const int Calls = 256;

    /// <summary>Arguments of a call.</summary>
    public const int Arguments = 1_000;

    /// <summary>Characters of a function's name, and of an argument's.</summary>
    public const int Name = 1_000;

    /// <summary>Levels of nesting of a call's arguments, which are the first.</summary>
    public const int Depth = 64;
}
