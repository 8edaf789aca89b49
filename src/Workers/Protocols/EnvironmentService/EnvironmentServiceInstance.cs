using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.EnvironmentService;

/// <summary>An instance behind the environment-service protocol.</summary>
internal sealed class EnvironmentServiceInstance(IContainer container, EnvironmentServiceCall call, string innerId, ReadOnlyMemory<byte> opening) : IEnvironmentInstance
{
    public ReadOnlyMemory<byte> Opening => opening;

    public Task<ReadOnlyMemory<byte>> StepAsync(ReadOnlyMemory<byte> action, ReadOnlyMemory<byte> parameters, CancellationToken cancel) =>
        CallAsync("/step", action, parameters, cancel);

    public Task<ReadOnlyMemory<byte>> EvaluateAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancel) =>
        CallAsync("/evaluate", messages, parameters, cancel);

    public Task<ReadOnlyMemory<byte>> DescribeAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancel) =>
        CallAsync("/get_info", messages, parameters, cancel);

    public async Task ReleaseAsync(CancellationToken cancel)
    {
        if (container.Exited.IsCancellationRequested) return;
        await CallAsync("/release", default, default, cancel);
    }

    private Task<ReadOnlyMemory<byte>> CallAsync(
        string path, ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancel) =>
        call.PostAsync(
            container,
            path,
            body =>
            {
                body.WriteString("instance_id", innerId);
                EnvironmentServiceCall.WriteObject(body, "messages", messages);
                EnvironmentServiceCall.WriteObject(body, "params", parameters);
            },
            cancel);
}
