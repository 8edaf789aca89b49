using System.Net;

namespace SandQueue.Gateway.Tests.RestV1;

/// <summary>Keys are an admin's to issue, list and revoke.</summary>
public sealed class KeyRoutesTests : IAsyncLifetime
{
    private const string Keys = "/v1/keys";

    private readonly RestServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_key_is_told_once_listed_without_itself_and_revoked()
    {
        var made = await _server.SendAsync("POST", Keys, """{"tenant":"anna","name":"laptop","scope":"read","days":30}""", "key-admin");

        made.Status.ShouldBe(HttpStatusCode.Created, made.Body);
        var (id, key) = (made.Json.GetProperty("id").GetString()!, made.Json.GetProperty("key").GetString()!);
        key.ShouldMatch("^sq_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$");
        made.Json.GetProperty("expires_at").GetDateTimeOffset().ShouldBeGreaterThan(made.Json.GetProperty("created_at").GetDateTimeOffset().AddDays(29));

        var listed = await _server.SendAsync("GET", $"{Keys}?tenant=anna", key: "key-admin");
        listed.Body.ShouldNotContain(key);
        var row = listed.Json.GetProperty("keys").EnumerateArray().ShouldHaveSingleItem();
        (row.GetProperty("id").GetString(), row.GetProperty("scope").GetString(), row.GetProperty("name").GetString()).ShouldBe((id, "read", "laptop"));
        (await _server.SendAsync("GET", $"{Keys}?tenant=bob", key: "key-admin")).Body.ShouldBe("""{"keys":[]}""");

        (await _server.SendAsync("DELETE", $"{Keys}/{id}", key: "key-admin")).Body.ShouldBe($$"""{"id":"{{id}}","revoked":true}""");
        (await _server.SendAsync("DELETE", $"{Keys}/{id}", key: "key-admin")).ProblemOf(404, "unknown_key");
        (await _server.SendAsync("GET", Keys, key: "key-admin")).Json.GetProperty("keys")[0].GetProperty("revoked_at").GetDateTimeOffset().Year.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public async Task Tenants_are_those_with_keys_and_their_limits_are_told()
    {
        await _server.SendAsync("POST", Keys, """{"tenant":"anna"}""", "key-admin");

        var listed = (await _server.SendAsync("GET", "/v1/tenants", key: "key-admin")).Json.GetProperty("tenants").EnumerateArray().ToList();

        listed.Select(tenant => $"{tenant.GetProperty("tenant").GetString()} {tenant.GetProperty("issued_keys").GetInt32()} {tenant.GetProperty("live_instances").GetInt32()}")
            .ShouldBe(["admin 0 0", "anna 1 0", "mine 0 0", "theirs 0 0"]);
        listed[0].GetProperty("limits").GetProperty("live_instances").GetInt32().ShouldBe(20_000);
    }

    [Theory]
    [InlineData("{}", "tenant is required")]
    [InlineData("""{"tenant":"a b"}""", "a tenant's name has")]
    [InlineData("""{"tenant":7}""", "tenant must be a string")]
    [InlineData("""{"tenant":"a","scope":"root"}""", "there is no scope 'root'")]
    [InlineData("""{"tenant":"a","days":0}""", "1 to 3650 days")]
    [InlineData("""{"tenant":"a","key":"mine"}""", "unknown member 'key'")]
    public async Task A_key_that_cannot_be_is_refused(string body, string told) =>
        (await _server.SendAsync("POST", Keys, body, "key-admin")).ProblemOf(400, "invalid_request").ShouldContain(told);

    [Theory]
    [InlineData("GET", Keys)]
    [InlineData("POST", Keys)]
    [InlineData("DELETE", $"{Keys}/0123456789abcdef")]
    [InlineData("GET", "/v1/tenants")]
    public async Task Nobody_else_reaches_them(string method, string path) => (await _server.SendAsync(method, path, """{"tenant":"mine"}""")).ProblemOf(403, "forbidden");
}
