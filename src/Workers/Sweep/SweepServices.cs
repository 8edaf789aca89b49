using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace SandQueue.Workers.Sweep;

/// <summary>Schedules the sweep. Quartz keeps the schedule in memory: the sweep itself claims rows, so workers need no common schedule.</summary>
internal static class SweepServices
{
    public static IServiceCollection AddIdleSweep(this IServiceCollection services, TimeSpan every)
    {
        services.AddSingleton<ParkingBatches>();
        services.AddSingleton<InstanceParking>();
        services.AddSingleton<UnheldInstances>();
        services.AddSingleton<IdleSweep>();
        services.AddSingleton<UnusedInstances>();
        services.AddTransient<IdleSweepJob>();
        services.AddTransient<UnusedInstancesJob>();
        services.AddQuartz(quartz =>
        {
            quartz.ScheduleJob<IdleSweepJob>(trigger => trigger.StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(every).RepeatForever()));
            var often = every < UnusedInstancesJob.Every ? every : UnusedInstancesJob.Every;
            quartz.ScheduleJob<UnusedInstancesJob>(trigger => trigger.StartNow().WithSimpleSchedule(schedule => schedule.WithInterval(often).RepeatForever()));
        });
        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = false);
        return services;
    }
}
