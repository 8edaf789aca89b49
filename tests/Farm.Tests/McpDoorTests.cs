using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>A session of MCP is a farm's, and not a gateway's.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class McpDoorTests(SharedFarm farm)
{
    private const string Script = """
        import { Client } from "@modelcontextprotocol/sdk/client/index.js";
        import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

        // A balancer that sends every request to the next gateway.
        const gateways = process.env.GATEWAYS.split(" ");
        let turn = 0, pinned = null;
        const balanced = (_, init) => fetch(new URL("/mcp", gateways[pinned ?? turn++ % gateways.length]), init);
        const client = new Client({ name: "player", version: "1.0.0" });
        const transport = new StreamableHTTPClientTransport(new URL("/mcp", gateways[0]), { fetch: balanced });
        await client.connect(transport);
        const call = async (name, args = {}) => (await client.callTool({ name, arguments: args })).structuredContent;
        const listed = async () => (await client.listTools()).tools.map(tool => tool.name).join(" ");

        await call("open_task", { env_type: "frozenlake", task_id: "4x4-1000000" });
        for (let i = 0; i < 3; i++) console.log(await listed());
        for (const direction of ["down", "right", "right", "right", "down"]) console.log((await call("move", { direction })).step);
        const last = await call("move", { direction: "down" });
        console.log(last.step, last.reward, last.end_reason);
        console.log((await call("release")).released);
        for (let i = 0; i < 3; i++) console.log(await listed());
        await call("open_task", { env_type: "frozenlake", task_id: "8x8-1000000" });
        for (let i = 0; i < 3; i++) console.log(await listed());

        // Every gateway knows of the open task, and only the first of what follows it.
        const at = async (gateway, name, args) => { pinned = gateway; return await call(name, args); };
        const down = { direction: "down" };
        for (let i = 0; i < 2; i++) console.log((await at(i, "move", down)).step);
        await at(0, "release");
        const second = await at(0, "open_task", { env_type: "frozenlake", task_id: "4x4-1000000" });
        const stepped = await at(1, "move", down);
        console.log(stepped.step, stepped.instance_id === second.instance_id);
        await at(1, "release");
        const third = await at(1, "open_task", { env_type: "frozenlake", task_id: "4x4-1000000" });
        console.log((await at(0, "release")).instance_id === third.instance_id);
        const fourth = await at(1, "open_task", { env_type: "frozenlake", task_id: "4x4-1000000" });
        pinned = 0;
        await transport.terminateSession();
        console.log((await (await fetch(new URL(`/v1/instances/${fourth.instance_id}`, gateways[0]))).json()).state);
        await client.close();
        """;

    [Fact]
    public async Task It_goes_on_at_whatever_gateway_the_next_request_reaches()
    {
        using var packages = await NodePackages.InstallAsync("@modelcontextprotocol/sdk@1.32.2");
        Assert.SkipUnless(packages.Missing is null, packages.Missing ?? "");
        await farm.WholeAsync();

        var (_, lines, errors) = await packages.RunAsync(Script, ("GATEWAYS", string.Join(' ', farm.Gateways.Select(gateway => gateway.Address))));

        const string Lake = "move send_message evaluate release";
        const string None = "list_environments list_tasks open_task";
        lines.ShouldBe([Lake, Lake, Lake, "1", "2", "3", "4", "5", "6 1 goal", "true", None, None, None, Lake, Lake, Lake, "1", "2", "1 true", "true", "released"], errors);
    }
}
