using System.Buffers;

namespace SandQueue.Gateway.Http;

/// <summary>Reads the whole body of a request. What was read grows with what came, never with what was announced.</summary>
internal static class BodyReading
{
    /// <exception cref="BadRequestException">The body is larger than the limit, slower than the limit, or not sent as HTTP says.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext context, BodyLimit limit, TimeProvider time)
    {
        if (context.Request.ContentLength > limit.Bytes) throw TooLarge(limit.Bytes);
        using var over = new CancellationTokenSource(limit.Time, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, over.Token);
        try
        {
            return await ReadToEndAsync(context, limit.Bytes, either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // What is still to come would be taken for the next request.
            context.Response.Headers.Connection = "close";
            throw new BadRequestException(
                $"the body did not come within {limit.Time.TotalSeconds} s (Gateway:ReadTimeout); send it faster, or raise that setting", StatusCodes.Status408RequestTimeout);
        }
        catch (BadHttpRequestException exception)
        {
            throw exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge(limit.Bytes) : Unreadable(exception, exception.StatusCode);
        }
        catch (Exception exception) when (exception is IOException or OverflowException && !context.RequestAborted.IsCancellationRequested)
        {
            throw Unreadable(exception, StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<byte[]> ReadToEndAsync(HttpContext context, long limit, CancellationToken cancellationToken)
    {
        var (body, read) = (context.Request.BodyReader, Array.Empty<byte>());
        var length = 0;
        while (true)
        {
            var result = await body.ReadAsync(cancellationToken);
            var came = result.Buffer;
            if (length + came.Length > limit)
            {
                body.AdvanceTo(came.End);
                throw TooLarge(limit);
            }

            // A small body comes whole, and is copied once.
            if (length + came.Length > read.Length) Array.Resize(ref read, result.IsCompleted ? length + (int)came.Length : (int)Math.Max(length + came.Length, Math.Min(2L * read.Length, limit)));
            came.CopyTo(read.AsSpan(length));
            length += (int)came.Length;
            body.AdvanceTo(came.End);
            if (!result.IsCompleted) continue;
            return length == read.Length ? read : read[..length];
        }
    }

    private static BadRequestException TooLarge(long limit) =>
        new($"the body is too large: at most {limit} bytes are taken (Gateway:MaxBodyBytes)", StatusCodes.Status413PayloadTooLarge);

    private static BadRequestException Unreadable(Exception exception, int status) => new($"the body could not be read: {exception.Message}", status);
}
