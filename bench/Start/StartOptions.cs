namespace SandQueue.Bench.Start;

/// <summary>The options of the measurement of fresh processes.</summary>
/// <param name="Seconds">For which a lone client plays, in fresh processes and in warm ones.</param>
/// <param name="WarmUp">Seconds of load in between.</param>
/// <param name="Repeats">How often processes are started anew; what is shown are medians.</param>
/// <param name="Published">The folder with the published programs; null for those that were built here.</param>
/// <param name="Variables">Variables of .NET for the processes.</param>
/// <param name="Only">Only these; empty for both.</param>
internal sealed record StartOptions(int Seconds, int WarmUp, int Repeats, string? Published, IReadOnlyDictionary<string, string> Variables, IReadOnlyList<string> Only)
{
    public const string Embedded = "embedded";
    public const string Farm = "farm";

    private const string Quick = "--quick";
    private const string Prefix = "DOTNET_";

    private static readonly string[] Known = ["--seconds", "--warm-up", "--repeats", "--published", "--variables", "--only"];

    /// <summary>What can be started, in the order it is measured.</summary>
    public static readonly IReadOnlyList<string> Ways = [Embedded, Farm];

    /// <exception cref="ArgumentException">An option or a name is not known, or a value is none.</exception>
    public static StartOptions Parse(IReadOnlyList<string> args)
    {
        var quick = args.Contains(Quick);
        var given = GivenOptions.Checked(args, Known, Quick);
        return new StartOptions(
            given.AtLeastOne("--seconds", quick ? 2 : 10),
            given.AtLeastOne("--warm-up", quick ? 3 : 30),
            given.AtLeastOne("--repeats", quick ? 1 : 3),
            given.Text("--published", "") is { Length: > 0 } folder ? Path.GetFullPath(folder) : null,
            given.Text("--variables", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Variable).ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal),
            given.Only("way to start", Ways));
    }

    private static (string Name, string Value) Variable(string text) => text.Split('=', 2) is [var name, var value] && name.StartsWith(Prefix, StringComparison.Ordinal)
        ? (name, value)
        : throw new ArgumentException($"'{text}' is no variable of .NET; --variables takes {Prefix}NAME=VALUE, with commas between them");
}
