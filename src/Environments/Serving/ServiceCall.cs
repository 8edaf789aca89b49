using System.Buffers;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Json;

namespace SandQueue.Environments.Serving;

/// <summary>Runs one call, whatever it came by, and says what its answer is: 200, 400 for the caller's mistakes, 500 for ours.</summary>
internal static class ServiceCall
{
    /// <param name="source">Where the request is.</param>
    /// <param name="read">Reads it; null for a call without one.</param>
    /// <param name="buffer">Gets the answer, or <c>{"detail":…}</c>.</param>
    /// <param name="call">Answers it.</param>
    /// <param name="cancel">Ends when nobody waits for the answer.</param>
    /// <returns>The status; null where nobody waits.</returns>
    public static async ValueTask<int?> RunAsync<T>(
        T source,
        Func<T, CancellationToken, ValueTask<JsonDocument?>> read,
        ArrayBufferWriter<byte> buffer,
        Func<ServiceRequest, Utf8JsonWriter, CancellationToken, ValueTask> call,
        CancellationToken cancel)
    {
        try
        {
            using var body = await read(source, cancel);
            await using var writer = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
            await call(new ServiceRequest(body), writer, cancel);
            return StatusCodes.Status200OK;
        }
        catch (InvalidRequestException mistake)
        {
            Detail(buffer, mistake.Message);
            return StatusCodes.Status400BadRequest;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception fault)
        {
            // The trace goes to the worker's log; the caller gets one line.
            await Console.Error.WriteLineAsync(fault.ToString());
            Detail(buffer, $"the environment failed: {fault.GetType().Name}: {fault.Message}");
            return StatusCodes.Status500InternalServerError;
        }
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
