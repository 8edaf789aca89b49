using System.CommandLine;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Transfers;

namespace SandQueue.Cli.Batches;

/// <summary><c>batch results</c>, <c>batch report</c> and <c>batch compare</c>.</summary>
internal static class BatchReading
{
    private static readonly string[] Formats = ["json", "markdown", "html"];

    private static readonly Argument<string> Id = new("batch") { Description = "The batch's id" };
    private static readonly Argument<string> Second = new("second") { Description = "Another batch's id" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "File to write to; it is there only when it is whole", HelpName = "FILE" };
    private static readonly Option<bool> Follow = new("--follow") { Description = "Go on until the batch closes" };
    private static readonly Option<string?> Format = new("--format") { Description = "markdown (without), json or html; by the ending of the output's name", HelpName = "FORMAT" };
    private static readonly Option<double?> Threshold = new("--threshold") { Description = "Reward from which a rollout is a success (1 without)", HelpName = "REWARD" };

    public static IEnumerable<Command> All(Surroundings around) =>
    [
        Verb.Of(around, "results", "Write the results, a JSON object a line", ResultsAsync, Id, Follow, Output),
        Verb.Of(around, "report", "Report: coverage, rewards with interval, pass@k, distributions, groups", (call, end) => WriteAsync(call, $"v1/batches/{Name(call)}/report", end), Id, Format, Threshold, Output),
        Verb.Of(around, "compare", "Compare two batches task by task", (call, end) => WriteAsync(call, $"v1/batches/{Name(call)}/compare/{Uri.EscapeDataString(call.Get(Second))}", end), Id, Second, Format, Threshold, Output),
    ];

    private static string Name(Call call) => Uri.EscapeDataString(call.Get(Id));

    private static async Task<int> ResultsAsync(Call call, CancellationToken cancellationToken)
    {
        var path = $"v1/batches/{Name(call)}/results{(call.Get(Follow) ? "?follow=true" : "")}";
        await OutputFile.WriteAsync(call, call.Get(Output), path, cancellationToken);
        return ExitCode.Fine;
    }

    private static async Task<int> WriteAsync(Call call, string path, CancellationToken cancellationToken)
    {
        var threshold = call.Get(Threshold) is { } reward ? FormattableString.Invariant($"&threshold={reward}") : "";
        await OutputFile.WriteAsync(call, call.Get(Output), $"{path}?format={FormatOf(call)}{threshold}", cancellationToken);
        return ExitCode.Fine;
    }

    private static string FormatOf(Call call)
    {
        if (call.Get(Format) is { } given) return Formats.Contains(given) ? given : throw CliException.Usage($"--format cannot be '{given}'; it is one of {string.Join(", ", Formats)}");
        if (call.IsJson) return "json";

        return Path.GetExtension(call.Get(Output) ?? "") switch { ".html" or ".htm" => "html", ".json" => "json", _ => "markdown" };
    }
}
