using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.RestV1.Requests;

/// <summary>Reads the bodies of requests.</summary>
internal sealed class RestBody(BodyLimit limit, TimeProvider time)
{
    /// <exception cref="BadRequestException">The body is empty, too large, too slow, or no JSON object.</exception>
    public Task<RequestBody> ReadAsync(HttpContext context) => RequestBody.ReadAsync(context, limit, time);

    /// <summary>No body is an empty object.</summary>
    /// <exception cref="BadRequestException">The body is too large, too slow, or no JSON object.</exception>
    public async Task<RequestBody> ReadOptionalAsync(HttpContext context)
    {
        var bytes = await BodyReading.ReadAsync(context, limit, time);
        return RequestBody.Parse(bytes.Length == 0 ? [.. "{}"u8] : bytes);
    }
}
