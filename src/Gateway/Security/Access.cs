using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Security;

/// <summary>What a key lets its bearer do.</summary>
/// <param name="Tenant">On whose behalf.</param>
/// <param name="Scope">How much.</param>
internal sealed record Access(Tenant Tenant, KeyScope Scope);
