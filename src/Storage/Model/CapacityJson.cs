using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SandQueue.Storage.Model;

/// <summary>How a worker's capacity is stored: a JSON array.</summary>
internal sealed class CapacityJson() : ValueConverter<IReadOnlyList<EnvironmentCapacity>, string>(capacity => Write(capacity), json => Read(json))
{
    public static string Write(IReadOnlyList<EnvironmentCapacity> capacity) => JsonSerializer.Serialize(capacity, JsonSerializerOptions.Web);

    private static List<EnvironmentCapacity> Read(string json) => JsonSerializer.Deserialize<List<EnvironmentCapacity>>(json, JsonSerializerOptions.Web) ?? [];
}
