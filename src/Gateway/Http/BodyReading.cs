using System.Buffers;

namespace SandQueue.Gateway.Http;

/// <summary>Reads the whole body of a request. What was read grows with what came, never with what was announced.</summary>
internal static class BodyReading
{
    /// <exception cref="BadRequestException">The body is larger than the limit, or not sent as HTTP says.</exception>
    public static async Task<byte[]> ReadAsync(HttpContext context, long limit)
    {
        if (context.Request.ContentLength > limit) throw TooLarge(limit);
        try
        {
            return await ReadToEndAsync(context, limit);
        }
        catch (BadHttpRequestException exception)
        {
            throw exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge(limit) : Unreadable(exception, exception.StatusCode);
        }
        catch (Exception exception) when (exception is IOException or OverflowException && !context.RequestAborted.IsCancellationRequested)
        {
            throw Unreadable(exception, StatusCodes.Status400BadRequest);
        }
    }

    private static async Task<byte[]> ReadToEndAsync(HttpContext context, long limit)
    {
        var (body, read) = (context.Request.BodyReader, Array.Empty<byte>());
        var length = 0;
        while (true)
        {
            var result = await body.ReadAsync(context.RequestAborted);
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
