namespace SandQueue.Workers.Configuration;

/// <summary>
/// What a foreign image may that a container otherwise may not. Each takes away a protection: give an image only what
/// it does not start without.
/// </summary>
internal sealed class RelaxationOptions
{
    /// <summary>The user to run as, a name or <c>uid:gid</c>; <c>image</c> takes the image's own. Empty: a user without rights.</summary>
    public string? User { get; init; }

    /// <summary>Lets it write to its root folder and to its image's volumes: to the engine's disk, without a limit.</summary>
    public bool WritableRoot { get; init; }

    /// <summary>Linux capabilities it keeps, such as <c>CHOWN</c>.</summary>
    public List<string> Capabilities { get; init; } = [];

    /// <summary>Lets its programs gain rights, as setuid programs do.</summary>
    public bool NewPrivileges { get; init; }

    /// <summary>Lets it run programs it has written to <c>/tmp</c>.</summary>
    public bool ExecutableTmp { get; init; }
}
