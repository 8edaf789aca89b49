namespace SandQueue.Storage.Model;

/// <summary>What an API key may be used for. The numbers are stored.</summary>
public enum KeyScope
{
    /// <summary>All commands of its tenant.</summary>
    Use = 0,

    /// <summary>What changes nothing: tasks, information, recorded episodes.</summary>
    Read = 1,

    /// <summary>All of that, and the farm itself: workers, keys.</summary>
    Admin = 2,
}
