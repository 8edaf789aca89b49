using System.Buffers;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Serving;

/// <summary>Writes <c>{"success":…,"data":…}</c>, or <c>{"detail":…}</c> with 400 for the caller's mistakes and 500 for ours.</summary>
internal static class ServiceAnswer
{
    public static Task Answer(HttpContext context, Action<ServiceRequest, Utf8JsonWriter> call) =>
        AnswerAsync(context, (request, writer, _) =>
        {
            call(request, writer);
            return ValueTask.CompletedTask;
        });

    public static Task AnswerAsync(HttpContext context, Func<ServiceRequest, Utf8JsonWriter, CancellationToken, ValueTask> call) =>
        WriteAsync(context, async (request, writer) =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("success", true);
            writer.WritePropertyName("data");
            await call(request, writer, context.RequestAborted);
            writer.WriteEndObject();
        });

    public static Task Release(HttpContext context, Func<ServiceRequest, bool> release) =>
        WriteAsync(context, (request, writer) =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("success", release(request));
            writer.WriteNull("data");
            writer.WriteEndObject();
            return ValueTask.CompletedTask;
        });

    private static async Task WriteAsync(HttpContext context, Func<ServiceRequest, Utf8JsonWriter, ValueTask> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        try
        {
            using var body = HttpMethods.IsGet(context.Request.Method)
                ? null
                : await ServiceRequest.ReadAsync(context.Request.Body, context.RequestAborted);
            await using var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
            await write(new ServiceRequest(body), writer);
        }
        catch (InvalidRequestException mistake)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            Detail(buffer, mistake.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault)
        {
            // The trace goes to the worker's log; the caller gets one line.
            await Console.Error.WriteLineAsync(fault.ToString());
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            Detail(buffer, $"the environment failed: {fault.GetType().Name}: {fault.Message}");
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    private static void Detail(ArrayBufferWriter<byte> buffer, string detail)
    {
        buffer.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
        writer.WriteStartObject();
        writer.WriteText("detail", OneLine.Of(detail));
        writer.WriteEndObject();
    }
}
