using System.Text.Json;
using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Rollouts.Validation;

namespace SandQueue.Gateway.RestV1.Validations;

/// <summary>
/// <c>POST /v1/environments/{env_type}/validations</c>: plays tasks with the environment's own solution, with nothing and with noise, and tells task by
/// task which are not sound. It ends with its connection, and releases what it made.
/// </summary>
internal sealed class ValidationEndpoint(EnvironmentValidation validation, RestBody bodies, IOptions<GatewayOptions> options) : IRestEndpoint
{
    private const int UsualConcurrency = 8;
    private const int MostConcurrency = 64;

    public RestOperation Operation { get; } = new("validate", "Plays tasks of an environment with their solutions, with nothing and with noise, and tells which are not sound, a line a task", typeof(ValidationLine))
    {
        IsCommand = true,
        ContentType = JsonLinesAnswer.ContentType,
        Body = typeof(ValidationBody),
        BodyExample = """{"split": "val", "sample": 2}""",
    };

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestCall(context, Operation, options.Value);
        using var body = await bodies.ReadOptionalAsync(context);
        var request = Read(body.Fields, context.Tenant(), PathText.Of(context, "env_type"));
        var tasks = await ListAsync(request, context.RequestAborted);
        var answer = new JsonLinesAnswer(context);
        await answer.StartAsync();
        var failures = new List<(string TaskId, string Check, string? Detail)>();
        var failed = 0;
        await foreach (var result in validation.RunAsync(request, tasks, context.RequestAborted))
        {
            failures.AddRange(result.Failed.Select(check => (result.TaskId, check, result.Detail)));
            if (result.Failed.Count > 0) failed++;
            await answer.WriteAsync(writer => Write(writer, result));
        }

        await answer.WriteAsync(writer => WriteSummary(writer, request, tasks.Count, failed, failures));
    }

    private async Task<IReadOnlyList<string>> ListAsync(ValidationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await validation.ListAsync(request, cancellationToken);
        }
        catch (ValidationException exception)
        {
            throw new BadRequestException(exception.Message, exception.IsCallers ? StatusCodes.Status400BadRequest : StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static ValidationRequest Read(JsonFields fields, string tenant, string environment)
    {
        RestCall.Require(fields, "split", "sample", "seed", "concurrency");
        var (sample, concurrency) = (fields.Integer("sample"), fields.Integer("concurrency") ?? UsualConcurrency);
        if (sample < 1) throw new BadRequestException($"sample must be an integer above 0, not {sample}; leave it out for all tasks");
        if (concurrency is < 1 or > MostConcurrency) throw new BadRequestException($"concurrency must be an integer from 1 to {MostConcurrency}, not {concurrency}");
        return new ValidationRequest(tenant, environment, fields.Optional("split") ?? "train", sample, fields.Whole("seed") ?? 0, concurrency);
    }

    private static void Write(Utf8JsonWriter writer, TaskValidation result)
    {
        writer.WriteStartObject();
        writer.WriteString("task_id", result.TaskId);
        WriteScore(writer, "gold", result.Gold);
        WriteScore(writer, "maximum", result.Maximum);
        WriteScore(writer, "nothing", result.Nothing);
        WriteScore(writer, "noise", result.Noise);
        if (result.RepeatEqual is { } isEqual) writer.WriteBoolean("repeat_equal", isEqual);
        else writer.WriteNull("repeat_equal");
        WriteTexts(writer, "failed", result.Failed);
        WriteTexts(writer, "noted", result.Noted);
        writer.WriteString("detail", result.Detail);
        writer.WriteEndObject();
    }

    private static void WriteSummary(
        Utf8JsonWriter writer, ValidationRequest request, int tasks, int failed, IReadOnlyList<(string TaskId, string Check, string? Detail)> failures)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("summary");
        writer.WriteString("env_type", request.EnvType);
        writer.WriteString("split", request.Split);
        writer.WriteNumber("tasks", tasks);
        writer.WriteNumber("failed", failed);
        writer.WriteStartArray("failures");
        foreach (var (task, check, detail) in failures)
        {
            writer.WriteStartObject();
            writer.WriteString("task_id", task);
            writer.WriteString("check", check);
            writer.WriteString("detail", detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void WriteScore(Utf8JsonWriter writer, string name, double? score)
    {
        if (score is { } value) writer.WriteNumber(name, value);
        else writer.WriteNull(name);
    }
}
