using SandQueue.Workers.Hosting;

namespace SandQueue.Workers.Containers;

/// <summary>How a worker starts environment servers.</summary>
public interface IRuntime
{
    /// <summary>Starts a container and returns when it runs; whether it answers is for its protocol to find out.</summary>
    /// <param name="environment">The <c>env_type</c> it is to serve.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="cancel">Gives the start up; nothing is left behind.</param>
    /// <exception cref="ContainerException">It could not be started; the message says why and what to do.</exception>
    Task<IContainer> StartAsync(string environment, EnvironmentOptions options, CancellationToken cancel);
}
