using System.Net.Http.Headers;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Protocols.Http;

/// <summary>Waits for a server that is starting.</summary>
internal static class HealthCheck
{
    /// <summary>Between two looks: short, for ours is up within a fraction of a second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks once, and reads a header of the answer.</summary>
    /// <returns>Null where there is no answer, or no such header.</returns>
    public static async Task<string?> FindHeaderAsync(IContainer container, string path, string header, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await container.Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Returns when a GET of <paramref name="path"/> succeeds.</summary>
    /// <returns>The headers of its answer.</returns>
    public static async Task<HttpResponseHeaders> WaitAsync(IContainer container, string path, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        do
        {
            try
            {
                // The head says it; a body may be without end.
                using var response = await container.Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (response.IsSuccessStatusCode) return response.Headers;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));

        throw new ObjectDisposedException(nameof(PeriodicTimer));
    }
}
