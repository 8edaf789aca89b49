using SandQueue.Programs;
using SandQueue.Testing.Documents;

namespace SandQueue.EndToEnd.Mcp;

/// <summary>The official SDK's client, which checks every result against the schema of its tool, plays.</summary>
public sealed class NodeSdkTests(SharedProgram shared, NodeSdk sdk) : IClassFixture<NodeSdk>
{
    private const string Connected = """
        import { Client } from "@modelcontextprotocol/sdk/client/index.js";
        import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
        import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";

        const client = new Client({ name: "player", version: "1.0.0" });
        let changes = 0;
        client.setNotificationHandler(ToolListChangedNotificationSchema, async () => { changes++; });
        const requestInit = { headers: process.env.KEY ? { Authorization: `Bearer ${process.env.KEY}` } : {} };
        const transport = new StreamableHTTPClientTransport(new URL("/mcp", process.env.SANDQUEUE), { requestInit });
        await client.connect(transport);
        const tools = async () => (await client.listTools()).tools.map(tool => tool.name).join(" ");
        const call = (name, args = {}) => client.callTool({ name, arguments: args });
        const shown = result => result.isError ? result.structuredContent.code : `${result.structuredContent.reward} ${result.structuredContent.terminated} ${result.structuredContent.end_reason}`;

        """;

    private const string Closed = """

        await transport.terminateSession();
        await client.close();
        """;

    [Fact]
    public async Task It_plays_the_page()
    {
        var page = DocumentBlock.Read(Path.Combine("docs", "mcp.md")).Single(block => block.Kind == "runs agent");

        (await sdk.RunAsync(page.Text, shared.Caller.Address)).ShouldBe(page.Output!.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task It_calls_functions_and_shops()
    {
        var printed = await sdk.RunAsync(
            Connected + """
            await call("open_task", { env_type: "bfcl", task_id: "simple_python_sample0" });
            console.log(await tools());
            console.log(shown(await call("tank_volume", { radius_cm: 30, height_cm: 85 })));
            console.log((await call("evaluate")).structuredContent.score);
            await call("release");
            await call("open_task", { env_type: "webshop", task_id: (await call("list_tasks", { env_type: "webshop", limit: 1 })).structuredContent.tasks[0] });
            console.log(await tools());
            const found = (await call("search", { keywords: "kettle" })).structuredContent.observation;
            console.log(shown(await call("click", { element: /SQ[0-9]{8}/i.exec(found)[0] })));
            console.log(shown(await call("click", { element: "buy now" })).replace(/^[0-9.]+ /, "bought "));
            console.log(shown(await call("click", { element: "buy now" })));
            console.log(changes);
            """ + Closed,
            shared.Caller.Address);

        printed.ShouldBe(["tank_volume send_message evaluate release", "1 true completed", "1", "search click send_message evaluate release", "0 false null", "bought true completed", "episode_over", "3"]);
    }

    [Fact]
    public async Task Two_tenants_play_side_by_side()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "one=key-one,two=key-two"));
        const string Play = Connected + """
            const opened = await call("open_task", { env_type: "frozenlake", task_id: "4x4-1000000", instance_id: "same", params: { seed: 1 } });
            console.log(opened.structuredContent.instance_id, opened.structuredContent.steps);
            for (const direction of ["down", "right", "right", "right", "down"]) await call("move", { direction });
            console.log(shown(await call("move", { direction: "down" })));
            """ + Closed;

        var printed = await Task.WhenAll(sdk.RunAsync(Play, program.Address, "key-one"), sdk.RunAsync(Play, program.Address, "key-two"));

        printed.ShouldAllBe(lines => lines.SequenceEqual(new[] { "same 0", "1 true goal" }));
        await program.EndAsync();
    }
}
