using SandQueue.Gateway.Http;
using SandQueue.Routing.Fleet;
using SandQueue.Storage.Fleet;

namespace SandQueue.Gateway.Catalogue;

/// <summary>The environment that a path names.</summary>
internal sealed class NamedEnvironment(FleetView fleet)
{
    /// <exception cref="BadRequestException">No living worker serves an environment of that name (404).</exception>
    public async Task<ServedEnvironment> FindAsync(string name, CancellationToken cancellationToken)
    {
        var served = await fleet.EnvironmentsAsync(cancellationToken);
        return served.GetValueOrDefault(name)
            ?? served.Values.FirstOrDefault(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new BadRequestException($"there is no environment '{name}'; served are {string.Join(", ", served.Keys)}", StatusCodes.Status404NotFound, "unknown_environment");
    }
}
