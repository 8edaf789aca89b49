namespace SandQueue.Frames;

/// <summary>A call under way in a server, and what says that nobody waits for its answer any more.</summary>
internal sealed class ServedCall(FrameServer server, Frame request) : CancellationTokenSource, IThreadPoolWorkItem
{
    public Frame Request => request;

    /// <summary>Gives it up: work of its own, for what listens to the token is the environment's code.</summary>
    public IThreadPoolWorkItem Ending => new GivenUp(this);

    void IThreadPoolWorkItem.Execute() => _ = server.RunAsync(this).AsTask();

    private sealed class GivenUp(ServedCall call) : IThreadPoolWorkItem
    {
        void IThreadPoolWorkItem.Execute()
        {
            try
            {
                call.Cancel();
            }
            catch (Exception exception)
            {
                // An environment's own code listens to it; what that throws ends no other instance.
                Console.Error.WriteLine($"an environment failed when call {call.Request.Call} was given up: {exception}");
            }
        }
    }
}
