using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;

namespace SandQueue.Cli.Transfers;

/// <summary><c>export</c> and <c>import</c>.</summary>
internal static class TransferCommands
{
    private static readonly Option<string> Format = new("--format") { Description = "Form of the lines; the gateway names those it knows", HelpName = "FORMAT", DefaultValueFactory = _ => "sandqueue" };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "File to write to; with the ending .gz it is compressed", HelpName = "FILE" };
    private static readonly Option<string?> Env = new("--env") { Description = "Only this environment", HelpName = "ENV" };
    private static readonly Option<string?> Split = new("--split") { Description = "Only this split", HelpName = "SPLIT" };
    private static readonly Option<string?> Batch = new("--batch") { Description = "Only this batch", HelpName = "ID" };
    private static readonly Option<double?> MinReward = new("--min-reward") { Description = "Only rewards from this on", HelpName = "REWARD" };
    private static readonly Option<double?> MaxReward = new("--max-reward") { Description = "Only rewards up to this", HelpName = "REWARD" };
    private static readonly Option<string?> End = new("--end") { Description = "Only this end, as completed", HelpName = "END" };
    private static readonly Option<DateTimeOffset?> Since = new("--since") { Description = "Only from this time on (ISO 8601)", HelpName = "TIME" };
    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "Only until this time (ISO 8601)", HelpName = "TIME" };
    private static readonly Option<string?> Tenant = new("--tenant") { Description = "Only this tenant; needs an admin key where it is not yours", HelpName = "TENANT" };
    private static readonly Argument<string> File = new("file") { Description = "File of JSON lines, plain or .gz" };
    private static readonly Option<string?> ImportFormat = new("--format") { Description = "Form of the lines, where the gateway cannot tell", HelpName = "FORMAT" };

    public static IEnumerable<Command> All(Surroundings around) =>
    [
        Verb.Of(around, "export", "Write episodes as JSON lines: our own form, chat messages, preference pairs and others", ExportAsync, Format, Output, Env, Split, Batch, MinReward, MaxReward, End, Since, Until, Tenant),
        Verb.Of(around, "import", "Read episodes that were exported, here or elsewhere", ImportAsync, File, ImportFormat),
    ];

    private static async Task<int> ExportAsync(Call call, CancellationToken cancellationToken)
    {
        var query = $"v1/export?format={Uri.EscapeDataString(call.Get(Format)!)}";
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)
            [
                ("env_type", call.Get(Env)), ("split", call.Get(Split)), ("batch_id", call.Get(Batch)), ("min_reward", Text(call.Get(MinReward))), ("max_reward", Text(call.Get(MaxReward))),
                ("end", call.Get(End)), ("since", Text(call.Get(Since))), ("until", Text(call.Get(Until))), ("tenant", call.Get(Tenant)), ("gz", call.Get(Output)?.EndsWith(".gz", StringComparison.Ordinal) == true ? "true" : null),
            ])
            if (value is not null) query += $"&{name}={Uri.EscapeDataString(value)}";
        await OutputFile.WriteAsync(call, call.Get(Output), query, cancellationToken);
        return ExitCode.Fine;
    }

    private static async Task<int> ImportAsync(Call call, CancellationToken cancellationToken)
    {
        var path = call.Get(File);
        try
        {
            using var body = new StreamContent(new FileStream(path, FileMode.Open, FileAccess.Read));
            body.Headers.ContentType = new MediaTypeHeaderValue(RestApi.JsonLines);
            if (path.EndsWith(".gz", StringComparison.Ordinal)) body.Headers.ContentEncoding.Add("gzip");
            var query = call.Get(ImportFormat) is { } format ? $"?format={Uri.EscapeDataString(format)}" : "";
            var answer = await call.Api.SendAsync(HttpMethod.Post, $"v1/import{query}", body, cancellationToken);
            if (call.IsJson) call.Screen.Json(answer);
            else foreach (var (name, value) in answer) call.Screen.Line($"{name.Replace('_', ' ')}: {value}");
            return ExitCode.Fine;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{path} cannot be read: {exception.Message}", exception);
        }
    }

    private static string? Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture);

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
