using Microsoft.AspNetCore.Http;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.Tests.Security;

/// <summary>Whom a gateway without keys lets in.</summary>
public sealed class LoopbackRequestsTests
{
    [Theory]
    [InlineData("127.0.0.1:8080", null)]
    [InlineData("127.9.9.9", null)]
    [InlineData("localhost:8080", null)]
    [InlineData("LOCALHOST", null)]
    [InlineData("[::1]:8080", null)]
    [InlineData("", null)]
    [InlineData("localhost:8080", "http://localhost:8080")]
    [InlineData("127.0.0.1:8080", "http://127.0.0.1:3000")]
    [InlineData("127.0.0.1:8080", "http://[::1]:3000")]
    public void This_machine_is_let_in(string host, string? origin) => LoopbackRequests.Problem(Headers(host, origin)).ShouldBeNull();

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example:8080")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("10.0.0.1")]
    [InlineData("0.0.0.0:8080")]
    [InlineData("evil.example#localhost")]
    public void Another_name_for_it_is_refused(string host) => LoopbackRequests.Problem(Headers(host)).ShouldNotBeNull().ShouldContain(host);

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("https://localhost.evil.example")]
    [InlineData("http://localhost@evil.example")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("file://")]
    public void A_page_of_another_site_is_refused(string origin) => LoopbackRequests.Problem(Headers("localhost:8080", origin)).ShouldNotBeNull().ShouldContain("SANDQUEUE_API_KEYS");

    [Fact]
    public void A_browser_that_says_so_is_believed()
    {
        var headers = Headers("localhost:8080");
        headers["Sec-Fetch-Site"] = "cross-site";
        LoopbackRequests.Problem(headers).ShouldNotBeNull();
        headers["Sec-Fetch-Site"] = "same-origin";
        LoopbackRequests.Problem(headers).ShouldBeNull();
    }

    private static HeaderDictionary Headers(string host, string? origin = null)
    {
        var headers = new HeaderDictionary { ["Host"] = host };
        if (origin is not null) headers["Origin"] = origin;
        return headers;
    }
}
