using SandQueue.Gateway.Http;
using SandQueue.Routing.Fleet;
using SandQueue.Storage.Fleet;

namespace SandQueue.Gateway.Catalogue;

/// <summary>The environment that a path names.</summary>
internal sealed class NamedEnvironment(FleetView fleet)
{
    /// <summary>Requires that an environment is served, for callers who have not said who they are: they learn nothing of the others.</summary>
    /// <exception cref="BadRequestException">It is not (404).</exception>
    public async Task RequireAsync(string name, CancellationToken cancellationToken)
    {
        var served = await fleet.EnvironmentsAsync(cancellationToken);
        if (Find(served, name) is null) throw new BadRequestException($"there is no environment '{name}'", StatusCodes.Status404NotFound, "unknown_environment");
    }

    /// <exception cref="BadRequestException">No living worker serves an environment of that name (404).</exception>
    public async Task<ServedEnvironment> FindAsync(string name, CancellationToken cancellationToken)
    {
        var served = await fleet.EnvironmentsAsync(cancellationToken);
        return Find(served, name) ?? throw new BadRequestException($"there is no environment '{name}'; served are {string.Join(", ", served.Keys)}", StatusCodes.Status404NotFound, "unknown_environment");
    }

    private static ServedEnvironment? Find(IReadOnlyDictionary<string, ServedEnvironment> served, string name) =>
        served.GetValueOrDefault(name) ?? served.Values.FirstOrDefault(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
