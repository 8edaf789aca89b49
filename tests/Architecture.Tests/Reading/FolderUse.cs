namespace SandQueue.Architecture.Tests.Reading;

/// <summary>Something in one folder uses something in another.</summary>
/// <param name="From">The folder that uses, from <c>src</c> on, with points: <c>Workers.Recovery.Checkpoints</c>. A project's root is a folder too.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="Why">Who uses what: <c>InstanceOwner uses RunningRebuild</c>.</param>
internal sealed record FolderUse(string From, string To, string Why)
{
    /// <summary>The project of the folder that uses.</summary>
    public string Project => ProjectOf(From);

    /// <summary>The project of a folder. The name of a project may have points too.</summary>
    public static string ProjectOf(string folder) => CompiledProjects.Names.Where(name => $"{folder}.".StartsWith($"{name}.", StringComparison.Ordinal)).MaxBy(name => name.Length)!;

    public override string ToString() => $"{From} -> {To} ({Why})";
}
