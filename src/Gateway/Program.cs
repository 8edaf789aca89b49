using SandQueue.Gateway.Hosting;

return await GatewayProgram.RunAsync(args);
