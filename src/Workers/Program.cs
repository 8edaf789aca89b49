using SandQueue.Workers.Hosting;

return await WorkerProgram.RunAsync(args);
