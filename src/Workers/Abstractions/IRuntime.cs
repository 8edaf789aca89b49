using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Abstractions;

/// <summary>How a worker starts environment servers.</summary>
internal interface IRuntime
{
    /// <summary>Starts a container and returns when it runs; whether it answers is for its protocol to find out.</summary>
    /// <param name="environment">The <c>env_type</c> it is to serve.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="cancellationToken">Gives the start up; nothing is left behind.</param>
    /// <exception cref="ContainerException">It could not be started; the message says why and what to do.</exception>
    Task<IContainer> StartAsync(string environment, EnvironmentOptions options, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what containers of dead workers left behind, and what this worker's own left that it no longer knows.
    /// A runtime whose containers cannot outlive their worker has nothing to do.
    /// </summary>
    /// <param name="isLiving">
    /// Whether the worker process of that name lives. A worker has to be known as living before it starts its first container.
    /// </param>
    /// <param name="cancellationToken">Stops the removal between two containers.</param>
    /// <returns>Containers removed.</returns>
    /// <exception cref="ContainerException">It cannot be found out what there is.</exception>
    Task<int> RemoveLeftoversAsync(Func<string, CancellationToken, Task<bool>> isLiving, CancellationToken cancellationToken) => Task.FromResult(0);
}
