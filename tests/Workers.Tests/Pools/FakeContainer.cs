using System.Net;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Tests.Pools;

/// <summary>A container that is what a test says.</summary>
internal sealed class FakeContainer(int number) : IContainer
{
    private readonly CancellationTokenSource _exited = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => $"container-{number}";

    public string ImageDigest { get; set; } = "sha256:0";

    public HttpClient Http { get; init; } = new(new ListeningServer()) { BaseAddress = new Uri("http://environment") };

    public CancellationToken Exited => _exited.Token;

    public string LastOutput => "its last words";

    /// <summary>Whether it answers its health check.</summary>
    public bool Healthy { get; set; } = true;

    /// <summary>How long its longest call has been running.</summary>
    public TimeSpan? LongestCall { get; set; }

    public long Memory { get; set; } = 1 << 20;

    /// <summary>Completes when its pool has ended it.</summary>
    public Task Ended => _ended.Task;

    public bool IsGone => _exited.IsCancellationRequested || Ended.IsCompleted;

    public void Exit() => _exited.Cancel();

    public ValueTask<long?> MeasureMemoryAsync(CancellationToken cancellationToken) => new(Memory);

    public async ValueTask DisposeAsync()
    {
        await _exited.CancelAsync();
        Http.Dispose();
        _ended.TrySetResult();
    }

    /// <summary>A server that takes connections and knows no path.</summary>
    private sealed class ListeningServer : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}
