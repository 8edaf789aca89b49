using SandQueue.Workers.Containers;

namespace SandQueue.Workers.Tests.Fakes;

/// <summary>A container that lives until the test kills it.</summary>
internal sealed class FakeContainer(int number) : IContainer
{
    private readonly CancellationTokenSource _exited = new();

    public string Id => $"container-{number}";

    public string ImageDigest => "sha256:fake";

    public HttpClient Http => throw new NotSupportedException("a fake protocol needs no connection");

    public CancellationToken Exited => _exited.Token;

    public string LastOutput { get; set; } = "";

    public bool IsDisposed { get; private set; }

    public void Kill() => _exited.Cancel();

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        _exited.Cancel();
        return ValueTask.CompletedTask;
    }
}
