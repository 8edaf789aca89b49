using System.Buffers;
using System.Text.Json;

namespace SandQueue.Environments.Serving;

/// <summary>Answers over HTTP: <c>{"success":…,"data":…}</c>, or <c>{"detail":…}</c> with 400 for the caller's mistakes and 500 for ours.</summary>
internal static class ServiceAnswer
{
    public static Task Answer(HttpContext context, Action<ServiceRequest, Utf8JsonWriter> call) =>
        AnswerAsync(context, (request, writer, _) =>
        {
            call(request, writer);
            return ValueTask.CompletedTask;
        });

    public static Task AnswerAsync(HttpContext context, Func<ServiceRequest, Utf8JsonWriter, CancellationToken, ValueTask> call) =>
        WriteAsync(context, async (request, writer, cancel) =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("success", true);
            writer.WritePropertyName("data");
            await call(request, writer, cancel);
            writer.WriteEndObject();
        });

    public static Task Release(HttpContext context, Func<ServiceRequest, bool> release) =>
        WriteAsync(context, (request, writer, _) =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("success", release(request));
            writer.WriteNull("data");
            writer.WriteEndObject();
            return ValueTask.CompletedTask;
        });

    private static async Task WriteAsync(HttpContext context, Func<ServiceRequest, Utf8JsonWriter, CancellationToken, ValueTask> call)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        if (await ServiceCall.RunAsync(context.Request, ReadAsync, buffer, call, context.RequestAborted) is not { } status) return;
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static async ValueTask<JsonDocument?> ReadAsync(HttpRequest request, CancellationToken cancel) =>
        HttpMethods.IsGet(request.Method) ? null : await ServiceRequest.ReadAsync(request.Body, cancel);
}
