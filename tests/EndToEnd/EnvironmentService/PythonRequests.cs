using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.EnvironmentService;

/// <summary>
/// Posts as Python's <c>requests.post(url, json=…)</c> does: a connection a call, these headers, and no other. The public training clients
/// use nothing else.
/// </summary>
internal sealed class PythonRequests(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Deflate });

    /// <param name="path">What stands behind the address, whose last slash the clients cut off.</param>
    /// <param name="json">The body as <c>json.dumps</c> writes it: a blank behind each colon and comma, and nothing but ASCII.</param>
    public async Task<Answer> PostAsync(string path, string json)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{address.ToString().TrimEnd('/')}{path}") { Content = content };
        request.Headers.TryAddWithoutValidation("User-Agent", "python-requests/2.32.5");
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        request.Headers.TryAddWithoutValidation("Connection", "keep-alive");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _http.Dispose();
}
