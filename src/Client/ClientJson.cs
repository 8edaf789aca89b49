using System.Text.Json;
using System.Text.Json.Serialization;

namespace SandQueue.Client;

/// <summary>How records are read, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(List<ChatMessage>))]
[JsonSerializable(typeof(EnvironmentSummary))]
[JsonSerializable(typeof(InstanceEnded))]
[JsonSerializable(typeof(InstanceSummary))]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class ClientJson : JsonSerializerContext;
