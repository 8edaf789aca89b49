using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.EnvironmentService;

/// <summary>An instance behind the environment-service protocol.</summary>
internal sealed class EnvironmentServiceInstance(IContainer container, EnvironmentServiceCall call, string innerId, ReadOnlyMemory<byte> opening) : IEnvironmentInstance
{
    public ReadOnlyMemory<byte> Opening => opening;

    public Task<ReadOnlyMemory<byte>> StepAsync(ReadOnlyMemory<byte> action, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        CallAsync("/step", action, parameters, cancellationToken);

    public async Task<ReadOnlyMemory<byte>> EvaluateAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        // Python takes any value for true or false; here it is one of the two whatever the server is.
        _ = CallParameters.IsSparse(parameters);
        return await CallAsync("/evaluate", messages, parameters, cancellationToken);
    }

    public Task<ReadOnlyMemory<byte>> DescribeAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        CallAsync("/get_info", messages, parameters, cancellationToken);

    public async Task<ReadOnlyMemory<byte>> SolveAsync(CancellationToken cancellationToken) =>
        await call.FindAsync(container, "/solution", body => body.WriteString("instance_id", innerId), cancellationToken)
        ?? throw new EnvironmentRejectedException(IEnvironmentInstance.NoSolution);

    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (container.Exited.IsCancellationRequested) return;
        await CallAsync("/release", default, default, cancellationToken);
    }

    private Task<ReadOnlyMemory<byte>> CallAsync(
        string path, ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        call.PostAsync(
            container,
            path,
            body =>
            {
                body.WriteString("instance_id", innerId);
                EnvironmentServiceCall.WriteObject(body, "messages", messages);
                EnvironmentServiceCall.WriteObject(body, "params", parameters);
            },
            cancellationToken);
}
