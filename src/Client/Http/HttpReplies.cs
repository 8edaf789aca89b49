using System.Net;
using System.Text.Json;
using SandQueue.Client.Commands;

namespace SandQueue.Client.Http;

/// <summary>Answers of REST v1 as replies.</summary>
internal static class HttpReplies
{
    /// <param name="command">What was asked.</param>
    /// <param name="response">What came back, with its body in memory.</param>
    /// <param name="time">The clock, for a <c>Retry-After</c> that is a date.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Reply> ReadAsync(Command command, HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        var json = await JsonAsync(response, cancellationToken);
        if (!response.IsSuccessStatusCode) return Reply.Refused(Problem(response, json, time));
        if (json is not { } answer) return Malformed(response, "is no JSON");
        var reply = command switch
        {
            Read or ListTasks => Reply.Completed(answer),
            GetInfo => answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("info", out var info) ? Reply.Completed(info) : null,
            _ => Result(answer),
        };
        return reply ?? Malformed(response, "has no answer in it");
    }

    /// <summary>The results of steps that were one request; null where they are none.</summary>
    public static async Task<IReadOnlyList<Reply>> ReadManyAsync(IReadOnlyList<Step> steps, HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        var json = await JsonAsync(response, cancellationToken);
        if (!response.IsSuccessStatusCode) return Every(Reply.Refused(Problem(response, json, time)));
        if (json is not { ValueKind: JsonValueKind.Object } answer || !answer.TryGetProperty("results", out var results) || results.ValueKind != JsonValueKind.Array) return Every(Malformed(response, "has no results in it"));
        if (results.GetArrayLength() != steps.Count) return Every(Malformed(response, $"has {results.GetArrayLength()} results for {steps.Count} steps"));
        return [.. results.EnumerateArray().Zip(steps, Matched)];

        IReadOnlyList<Reply> Every(Reply reply) => [.. steps.Select(_ => reply)];

        Reply Matched(JsonElement result, Step step) =>
            ProblemReader.Text(result, "command_id") == step.Id && Result(result) is { } reply ? reply : Malformed(response, "has a result that is none of the step's");
    }

    /// <summary>The end of one command, among others or alone.</summary>
    /// <returns>Null where it is none.</returns>
    public static Reply? Result(JsonElement result)
    {
        if (ProblemReader.Text(result, "end") is not { } end) return null;
        if (end != "completed") return result.TryGetProperty("problem", out var problem) && ProblemReader.Read(problem, end) is { } refusal ? Reply.Refused(refusal) : null;
        return result.TryGetProperty("answer", out var answer) ? Reply.Completed(answer, ProblemReader.Text(result, "instance_id")) : null;
    }

    private static Refusal Problem(HttpResponseMessage response, JsonElement? json, TimeProvider time)
    {
        var after = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        if (json is { } problem && ProblemReader.Read(problem, retryAfter: after) is { } refusal) return refusal;

        // Not SandQueue's own: of a proxy before it, or of what HTTP itself could not read.
        var detail = (json is { } other ? ProblemReader.Text(other, "detail") : null) ?? "the answer does not say why";
        return Refused($"{(int)response.StatusCode}: {detail}", response.StatusCode) with { RetryAfter = after, IsOfAttempt = true };
    }

    private static Refusal Refused(string detail, HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => Refusal.Rejected(Codes.Unauthenticated, detail),
        HttpStatusCode.Forbidden => Refusal.Rejected(Codes.Forbidden, detail),
        HttpStatusCode.RequestEntityTooLarge => Refusal.Rejected(Codes.BodyTooLarge, detail),
        HttpStatusCode.TooManyRequests => Refusal.Rejected(Codes.OverLimit, detail),
        HttpStatusCode.RequestTimeout => Refusal.Unknown(detail, Codes.RequestTimeout),
        HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => Refusal.Unknown(detail),
        HttpStatusCode.BadRequest or HttpStatusCode.RequestUriTooLong or HttpStatusCode.RequestHeaderFieldsTooLarge => Refusal.Rejected(Codes.InvalidRequest, detail),
        _ => Refusal.Unknown(detail, Codes.MalformedAnswer),
    };

    private static Reply Malformed(HttpResponseMessage response, string what) =>
        Reply.Refused(Refusal.Unknown($"the answer with status {(int)response.StatusCode} {what}", Codes.MalformedAnswer));

    private static async Task<JsonElement?> JsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        try
        {
            return JsonElement.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
