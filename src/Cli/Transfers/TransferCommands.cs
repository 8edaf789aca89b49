using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Transfers;

/// <summary><c>export</c> and <c>import</c>. Files whose names end with <c>.gz</c> are compressed here, whatever the gateway can do.</summary>
internal static class TransferCommands
{
    private const string Compressed = ".gz";

    private static readonly Option<string?> Format = new("--format") { Description = "Form of the lines; our own without, and the gateway names those it knows", HelpName = "FORMAT" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "File to write to; with the ending .gz it is compressed", HelpName = "FILE" };
    private static readonly Option<string?> Env = new("--env") { Description = "Only this environment", HelpName = "ENV" };
    private static readonly Option<string?> Split = new("--split") { Description = "Only tasks of this split; with --env", HelpName = "SPLIT" };
    private static readonly Option<string?> Batch = new("--batch") { Description = "Only this batch", HelpName = "ID" };
    private static readonly Option<double?> MinReward = new("--min-reward") { Description = "Only rewards from this on", HelpName = "REWARD" };
    private static readonly Option<double?> MaxReward = new("--max-reward") { Description = "Only rewards up to this", HelpName = "REWARD" };
    private static readonly Option<string?> EndReason = new("--end-reason") { Description = "Only episodes that ended for this reason", HelpName = "REASON" };
    private static readonly Option<DateTimeOffset?> After = new("--after") { Description = "Only episodes that ended at this time or later (ISO 8601)", HelpName = "TIME" };
    private static readonly Option<DateTimeOffset?> Before = new("--before") { Description = "Only episodes that ended before this time (ISO 8601)", HelpName = "TIME" };
    private static readonly Option<string[]> Filter = new("--filter") { Description = "A further parameter that the gateway's export takes; may be given many times", HelpName = "NAME=VALUE" };
    private static readonly Argument<string> Input = new("file") { Description = "File of JSON lines, plain or .gz" };

    public static IEnumerable<Command> All(Surroundings around) =>
    [
        Verb.Of(around, "export", "Write episodes as JSON lines: our own form, chat messages, preference pairs and others", ExportAsync, Format, Output, Env, Split, Batch, MinReward, MaxReward, EndReason, After, Before, Filter),
        Verb.Of(around, "import", "Read episodes that were exported, here or elsewhere", ImportAsync, Input),
    ];

    private static async Task<int> ExportAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Get(Split) is { } split && call.Get(Env) is null) throw CliException.Usage($"--split {split} of which environment? Give --env too");
        (string Name, string? Value)[] query =
        [
            ("format", call.Get(Format)), ("env_type", call.Get(Env)), ("split", call.Get(Split)), ("batch_id", call.Get(Batch)), ("min_reward", Text(call.Get(MinReward))), ("max_reward", Text(call.Get(MaxReward))),
            ("end", call.Get(EndReason)), ("after", Text(call.Get(After))), ("before", Text(call.Get(Before))), .. (call.Get(Filter) ?? []).Select(Pair),
        ];
        var text = string.Join('&', query.Where(part => part.Value is not null).Select(part => $"{Uri.EscapeDataString(part.Name)}={Uri.EscapeDataString(part.Value!)}"));
        await OutputFile.WriteAsync(call, call.Get(Output), text.Length > 0 ? $"v1/export?{text}" : "v1/export", cancellationToken);
        return ExitCode.Fine;
    }

    private static async Task<int> ImportAsync(Call call, CancellationToken cancellationToken)
    {
        using var body = new StreamContent(Open(call.Get(Input))) { Headers = { ContentType = new MediaTypeHeaderValue(RestApi.JsonLines) } };
        var answer = await SendAsync(call, body, cancellationToken);
        var (episodes, stored) = (answer.Number("episodes") ?? 0, answer.Number("stored") ?? 0);
        if (call.IsJson) call.Screen.Json(answer);
        else call.Screen.Line($"{Figures.Count(episodes)} episodes were read; {Figures.Count(stored)} are new here");
        if (!call.IsJson && answer.List("imported") is [var first, ..]) call.Screen.Note($"'sandqueue episodes list' lists them; the first is episode {first.Text("episode_id")}");
        return ExitCode.Fine;
    }

    private static async Task<JsonObject> SendAsync(Call call, HttpContent body, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Api.SendAsync(HttpMethod.Post, "v1/import", body, cancellationToken, RestApi.TransferLimit);
        }
        catch (CliException exception) when (exception.Message.StartsWith("line ", StringComparison.Ordinal))
        {
            throw CliException.Usage($"{call.Get(Input)}: {exception.Message}");
        }
        catch (Exception exception) when (exception.GetBaseException() is InvalidDataException)
        {
            throw new CliException(ExitCode.Usage, $"{call.Get(Input)} is not compressed as its name says, or is cut off; nothing was imported", exception);
        }
    }

    private static Stream Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            return path.EndsWith(Compressed, StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static (string Name, string? Value) Pair(string filter) => filter.Split('=', 2) is [{ Length: > 0 } name, var value] ? (name, value) : throw CliException.Usage($"--filter is '{filter}'; write it NAME=VALUE");

    private static string? Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
