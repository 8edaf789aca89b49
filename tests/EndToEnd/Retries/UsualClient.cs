using System.Net;
using System.Text;

namespace SandQueue.EndToEnd.Retries;

/// <summary>
/// A client as most are: it names its instance, gives a call a time limit, and sends the same once more after a pause, three
/// times in all. It has heard of no keys and no step numbers.
/// </summary>
internal sealed class UsualClient(Uri address, string instance) : IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private const int Tries = 3;

    /// <summary>A connection a call: what breaks one call breaks no other.</summary>
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = address, Timeout = Limit };

    /// <summary>Calls that were sent again.</summary>
    public int Retries { get; private set; }

    /// <summary>Whether a call was given up after its last try. A client of this kind gives its episode up with it.</summary>
    public bool GaveUp { get; private set; }

    public Task CreateAsync(string environment, string task) =>
        CallAsync("/create", $$"""{"env_type":"{{environment}}","task_id":"{{task}}","instance_id":"{{instance}}"}""");

    /// <param name="content">Never the same twice in a row: a row of the journal that repeats the one before is a step that ran twice.</param>
    public Task StepAsync(string content) =>
        CallAsync("/step", $$$"""{"instance_id":"{{{instance}}}","messages":{"role":"assistant","content":"{{{content}}}"}}""");

    public void Dispose() => _http.Dispose();

    private async Task CallAsync(string path, string body)
    {
        for (var attempt = 1; attempt <= Tries && !GaveUp; attempt++)
        {
            try
            {
                using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
                response.StatusCode.ShouldBe(HttpStatusCode.OK);
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
            {
                if (attempt < Tries) Retries++;
                else GaveUp = true;
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
