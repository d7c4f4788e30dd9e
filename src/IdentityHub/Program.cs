using IdentityHub;

return await HubCommand.Create().Parse(args).InvokeAsync();
