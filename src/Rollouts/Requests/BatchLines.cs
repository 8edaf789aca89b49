using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace SandQueue.Rollouts.Requests;

/// <summary>A batch as JSON lines: the first is the batch, each after it an item.</summary>
public static class BatchLines
{
    /// <param name="body">The bytes as they come.</param>
    /// <param name="most">How many items it may have.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="RequestRefusedException">A line is wrong; the message has its number.</exception>
    public static async Task<BatchRequest> ReadAsync(PipeReader body, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        var (items, number) = (new List<ItemRequest>(), 0);
        JsonElement? batch = null;
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            while (TryTake(ref buffer, result.IsCompleted, out var line))
            {
                number++;
                if (IsBlank(line)) continue;
                var json = Parse(line, number);
                if (batch is null) batch = json;
                else if (items.Count == most) throw new RequestRefusedException($"line {number}: a batch has at most {most} items (Rollouts:MaxItems)");
                else items.Add(BatchRequest.ReadItem(json, $"line {number}"));
            }

            body.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted) break;
        }

        return batch is { } first ? BatchRequest.Read(first, items) : throw new RequestRefusedException("the body is empty; its first line is the batch, and each after it an item");
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        line = buffer;
        if (!isLast || buffer.IsEmpty) return false;
        buffer = buffer.Slice(buffer.End);
        return true;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8)) return false;
        }

        return true;
    }

    private static JsonElement Parse(ReadOnlySequence<byte> line, int number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new RequestRefusedException($"line {number} is not JSON (byte {exception.BytePositionInLine + 1}); nothing was started");
        }
    }
}
