using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Security;

/// <summary>What people call the scopes of keys.</summary>
internal static class KeyScopes
{
    public static string Name(KeyScope scope) => scope switch
    {
        KeyScope.Read => "read",
        KeyScope.Admin => "admin",
        _ => "use",
    };

    /// <summary>The scope of that name; null where there is none.</summary>
    public static KeyScope? Find(string name) => name switch
    {
        "use" => KeyScope.Use,
        "read" => KeyScope.Read,
        "admin" => KeyScope.Admin,
        _ => null,
    };
}
