using System.Net;

namespace SandQueue.Gateway.Tests.RestV1.Document;

public sealed class RestDocumentTests : IAsyncLifetime
{
    private readonly RestServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_route_is_in_the_document_and_nothing_else()
    {
        var document = (await _server.SendAsync("GET", "/openapi/v1.json", key: null)).Json;

        var described = from path in document.GetProperty("paths").EnumerateObject() from operation in path.Value.EnumerateObject() select $"{operation.Name.ToUpperInvariant()} {path.Name}";
        described.ShouldBe(RestRoutes.Patterns(_server).Select(route => $"{route.Method} {route.Pattern}"), ignoreOrder: true);
    }

    [Fact]
    public async Task Every_operation_says_what_it_takes_and_gives_and_bodies_have_examples()
    {
        var document = (await _server.SendAsync("GET", "/openapi/v1.json", key: null)).Json;
        foreach (var (path, operation) in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Value))))
        {
            operation.GetProperty("operationId").GetString().ShouldNotBeNullOrEmpty(path);
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty(path);
            operation.GetProperty("responses").EnumerateObject().Count().ShouldBe(2, path);
            if (operation.TryGetProperty("requestBody", out var body)) body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _).ShouldBeTrue(path);
            foreach (var name in path.Split('{').Skip(1).Select(part => part.Split('}')[0]))
            {
                operation.GetProperty("parameters").EnumerateArray().ShouldContain(parameter => parameter.GetProperty("name").GetString() == name && parameter.GetProperty("in").GetString() == "path");
            }
        }
    }

    [Fact]
    public async Task The_page_to_try_it_loads_nothing_from_elsewhere()
    {
        var page = await _server.SendAsync("GET", "/docs/", key: null);

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Body.ShouldNotMatch("""(src|href)=["']?(https?:)?//""");
        page.Body.ShouldContain("default-src 'self'");
        (await _server.SendAsync("GET", "/docs/scalar.js", key: null)).Body.Length.ShouldBeGreaterThan(100_000);
    }
}
