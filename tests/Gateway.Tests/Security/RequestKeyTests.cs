using Microsoft.AspNetCore.Http;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.Tests.Security;

public sealed class RequestKeyTests
{
    // "key:secret", "secret" and "a:b:c" in Base64.
    private const string Pair = "Basic a2V5OnNlY3JldA==";
    private const string NoPair = "Basic c2VjcmV0";
    private const string Colons = "Basic YTpiOmM=";

    [Theory]
    [InlineData("/step", "Bearer secret", null, "", "secret")]
    [InlineData("/step", "bearer  secret ", null, "", "secret")]
    [InlineData("/step", null, "secret", "", "secret")]
    [InlineData("/step", "Bearer one", "two", "", "one")]
    [InlineData("/step", null, null, "?api_key=secret", null)]
    [InlineData("/step", Pair, null, "", null)]
    [InlineData("/openenvx/step", Pair, null, "?api_key=secret", null)]
    [InlineData("/openenv/lake/ws", Pair, null, "", "secret")]
    [InlineData("/openenv/lake/ws", Colons, null, "", "b:c")]
    [InlineData("/openenv/lake/ws", NoPair, null, "?api_key=other", null)]
    [InlineData("/openenv/lake/ws", "Basic ä", null, "", null)]
    [InlineData("/openenv/lake/ws", null, null, "?api_key=secret", "secret")]
    [InlineData("/openenv/lake/ws", null, "secret", "?api_key=other", "secret")]
    [InlineData("/openenv/lake/ws", null, null, "?api_key=", "")]
    [InlineData("/openenv/lake/ws", null, null, "", null)]
    [InlineData("/openenv/lake/ws", "Negotiate x", null, "", null)]
    public void A_key_is_found_where_a_door_takes_it(string path, string? authorization, string? header, string query, string? key)
    {
        var request = new DefaultHttpContext().Request;
        (request.Path, request.QueryString) = (path, new QueryString(query));
        if (authorization is not null) request.Headers.Authorization = authorization;
        if (header is not null) request.Headers["X-API-Key"] = header;

        RequestKey.Of(request).ShouldBe(key);
    }
}
