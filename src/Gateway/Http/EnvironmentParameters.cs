namespace SandQueue.Gateway.Http;

/// <summary>Takes the <c>params</c> of a command out of a request at a door that has places of its own for ids, times and numbers.</summary>
internal static class EnvironmentParameters
{
    /// <param name="fields">The members of the request.</param>
    /// <param name="maxBytes">The largest <c>params</c>.</param>
    /// <param name="places">Where the door wants what AgentScope's surface takes from <c>params</c>, in words.</param>
    /// <returns>The exact bytes that came; empty where there were none.</returns>
    /// <exception cref="BadRequestException">They are no object, too large, or have a name that begins with an underscore.</exception>
    public static byte[] Read(JsonFields fields, int maxBytes, string places)
    {
        var parameters = fields.Object("params");
        var bytes = JsonFields.Bytes(parameters);
        if (bytes.Length > maxBytes) throw new BadRequestException($"params has {bytes.Length} bytes; at most {maxBytes} are taken (Gateway:MaxParamsBytes)");
        return bytes.Length > 0 && new JsonFields(parameters).WithPrefix('_') is { } reserved
            ? throw new BadRequestException($"params.{reserved} has no meaning here: {places}")
            : bytes;
    }
}
