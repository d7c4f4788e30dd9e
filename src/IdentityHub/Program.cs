using System.CommandLine;
using IdentityHub;

// A node that is told to stop ends within a time of its own (BackChannelLogout:DrainWithin, at most a minute, and twenty
// seconds); the two seconds that a command is left by default would cut off what is under way.
return await HubCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
