using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components.Authorization;

namespace SandQueue.Dashboard.Calls;

/// <summary>Calls the gateway for one open page, and reads what it answers.</summary>
internal sealed class GatewayClient(IGatewayCalls gateway, AuthenticationStateProvider users)
{
    /// <summary>The gateway ends commands before; this is for a gateway that hangs.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(70);

    internal static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The tenant that an admin looks at; null for the caller's own.</summary>
    public string? Tenant { get; private set; }

    /// <summary>Another tenant is looked at from now on.</summary>
    public event Action? TenantChanged;

    public void LookAt(string? tenant)
    {
        if (tenant == Tenant) return;
        Tenant = tenant;
        TenantChanged?.Invoke();
    }

    public async Task<ClaimsPrincipal> UserAsync() => (await users.GetAuthenticationStateAsync()).User;

    public async Task SignOutAsync() => gateway.SignOut(await UserAsync());

    /// <exception cref="CallFailedException">The gateway refused.</exception>
    public Task<T> GetAsync<T>(string target, CancellationToken cancellationToken) => SendAsync<T>("GET", target, body: null, cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    public async Task<T> SendAsync<T>(string method, string target, object? body, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<T>(await BytesAsync(method, target, body, cancellationToken), Json) ?? throw new CallFailedException(500, null, "the gateway answered nothing");

    /// <inheritdoc cref="GetAsync"/>
    public async Task<byte[]> BytesAsync(string method, string target, object? body, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        var bytes = body is null ? null : body as byte[] ?? JsonSerializer.SerializeToUtf8Bytes(body, Json);
        var answer = await gateway.SendAsync(await UserAsync(), new GatewayCall(method, target, bytes, Tenant), limit.Token);
        return answer.Status is >= 200 and < 300 ? answer.Body : throw Failure(answer);
    }

    private static CallFailedException Failure(CallAnswer answer)
    {
        try
        {
            using var problem = JsonDocument.Parse(answer.Body);
            return new CallFailedException(answer.Status, Text(problem.RootElement, "code"), Text(problem.RootElement, "detail") ?? $"the gateway answered with status {answer.Status}");
        }
        catch (JsonException)
        {
            return new CallFailedException(answer.Status, null, $"the gateway answered with status {answer.Status}");
        }
    }

    private static string? Text(JsonElement problem, string name) =>
        problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
