using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SandQueue.Storage.Model;

/// <summary>How a worker's containers are stored: a JSON array.</summary>
internal sealed class ContainersJson() : ValueConverter<IReadOnlyList<WorkerContainer>, string>(containers => Write(containers), json => Read(json))
{
    public static string Write(IReadOnlyList<WorkerContainer> containers) => JsonSerializer.Serialize(containers, JsonSerializerOptions.Web);

    private static List<WorkerContainer> Read(string json) => JsonSerializer.Deserialize<List<WorkerContainer>>(json, JsonSerializerOptions.Web) ?? [];
}
