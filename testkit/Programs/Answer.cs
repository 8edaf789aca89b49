using System.Net;
using System.Text.Json;
using SandQueue.Testing.Docker;

namespace SandQueue.Programs;

/// <summary>What the program answered over HTTP.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The body, as it came.</param>
/// <param name="Headers">Headers of the answer and of its body, a line each.</param>
public sealed record Answer(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The member <c>data</c> of an answer that has to be a success.</summary>
    public JsonElement Data
    {
        get
        {
            Status.ShouldBe(HttpStatusCode.OK, Body);
            return Json.GetProperty("data");
        }
    }

    /// <summary>The member <c>detail</c> of an answer that has to be an error: one line, and no stack trace.</summary>
    public string DetailOf(HttpStatusCode status)
    {
        Status.ShouldBe(status, Body);
        Headers["Content-Type"].ShouldBe("application/json");
        var detail = Json.GetProperty("detail").GetString()!;
        detail.ShouldNotBeNullOrWhiteSpace();
        detail.ShouldNotContain("\n", Case.Sensitive, "a detail is one line");
        detail.ShouldNotMatch(@"\bat [A-Za-z_]+\.[A-Za-z_.]+\(", "a detail is no stack trace");
        return detail;
    }

    /// <summary>The problem of an answer that has to be one (RFC 9457), with a code for programs and a detail of one line.</summary>
    public JsonElement ProblemOf(HttpStatusCode status, string code)
    {
        Status.ShouldBe(status, Body);
        Headers["Content-Type"].ShouldBe("application/problem+json");
        Json.GetProperty("status").GetInt32().ShouldBe((int)status);
        Json.GetProperty("code").GetString().ShouldBe(code, Body);
        Json.GetProperty("detail").GetString()!.ShouldNotContain("\n", Case.Sensitive, "a detail is one line");
        return Json;
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new(
        response.StatusCode,
        await response.Content.ReadAsStringAsync(cancellationToken),
        response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase));
}
